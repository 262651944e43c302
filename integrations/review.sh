#!/usr/bin/env bash
# What a change does to connectivity, for a pull request: runs `netpolmap diff` and `netpolmap lint` and writes
# diff.md, diff.html, diff.json and lint.sarif into a folder. Exit status: 0 fine, 1 the rules say no, 2 unusable.
#
#   NETPOLMAP_BASE       the branch or revision that is changed, such as origin/main; its merge base with HEAD counts
#   NETPOLMAP_PATH       where the manifests are, from the top of the repository (default: .)
#   NETPOLMAP_BASE_PATH  instead of both: a folder with the manifests before …
#   NETPOLMAP_HEAD_PATH  … and one with those after the change, where they have to be rendered first (Helm, Kustomize)
#   NETPOLMAP_FAIL_ON    what fails: opened, cut, changed, any or never, separated by commas (default: opened)
#   NETPOLMAP_LINT_FAIL_ON  error, warning, info or never (default: error)
#   NETPOLMAP_OUT        the folder for the reports (default: netpolmap-report)
#   NETPOLMAP_FLAGS      more switches for both commands, such as --pod-cidr 10.244.0.0/16
set -euo pipefail

path=${NETPOLMAP_PATH:-.}
out=${NETPOLMAP_OUT:-netpolmap-report}
read -r -a flags <<<"${NETPOLMAP_FLAGS:-}"
mkdir -p "$out"

if [[ -n ${NETPOLMAP_HEAD_PATH:-} ]]; then
  base=${NETPOLMAP_BASE_PATH:?NETPOLMAP_BASE_PATH names the manifests before the change}
  head=$NETPOLMAP_HEAD_PATH
else
  revision=${NETPOLMAP_BASE:?NETPOLMAP_BASE names the branch that is changed, such as origin/main}
  if ! before=$(git merge-base "$revision" HEAD 2>/dev/null); then
    echo "netpolmap: $revision and HEAD have no common commit here. Fetch the whole history (fetch-depth: 0)." >&2
    exit 2
  fi
  base=git:$before:$path
  head=git:HEAD:$path
  for side in base head; do # a folder that one side lacks is an empty side
    name=${!side#git:}
    if ! git cat-file -e "${name%%:*}:./${name#*:}" 2>/dev/null && [[ $path != . ]]; then
      printf -v "$side" '%s' "$out/nothing.yaml"
      : >"$out/nothing.yaml"
    fi
  done
fi

fail_on=()
IFS=, read -r -a kinds <<<"${NETPOLMAP_FAIL_ON:-opened}"
for kind in "${kinds[@]}"; do fail_on+=(--fail-on "$kind"); done

# 0 and 1 are answers; anything else is a failure of the call itself
answer() {
  local status=0
  "$@" || status=$?
  if ((status > 1)); then exit "$status"; fi
  return "$status"
}

failed=0
answer netpolmap diff "$base" "$head" -o md --out "$out/diff.md" "${fail_on[@]}" ${flags[@]+"${flags[@]}"} || failed=1
answer netpolmap diff "$base" "$head" -o html --out "$out/diff.html" --fail-on never ${flags[@]+"${flags[@]}"} 2>/dev/null
answer netpolmap diff "$base" "$head" -o json --out "$out/diff.json" --fail-on never ${flags[@]+"${flags[@]}"} 2>/dev/null
status=0
netpolmap lint "$head" -o sarif --out "$out/lint.sarif" --fail-on "${NETPOLMAP_LINT_FAIL_ON:-error}" \
  ${flags[@]+"${flags[@]}"} || status=$?
case $status in
  0 | 2) ;; # 2: there is no policy to lint
  1) failed=1 ;;
  *) exit "$status" ;;
esac
rm -f "$out/nothing.yaml"
exit "$failed"
