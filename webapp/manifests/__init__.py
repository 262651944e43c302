"""Bytes become Documents. The only room that names yaml, zipfile and tarfile."""
