"""One file a rule. Its name is the code; its docstring, its documentation; `SEVERITY`; `find(context)`, what it sees;
`BAD`, manifests in which it sees one thing, at the line marked `# <-`; `GOOD`, the same put right.

A rule says when it keeps silent, and would rather miss a mistake than tell one that is none.
"""
