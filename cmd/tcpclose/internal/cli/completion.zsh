#compdef tcpclose
# tcpclose for zsh: tcpclose completion zsh > "${fpath[1]}/_tcpclose"
_tcpclose() {
    local -a given lines
    given=("${(@)words[2,CURRENT]}")
    lines=("${(@f)$(tcpclose __complete zsh "${(@)given}" 2>/dev/null)}")
    lines=("${(@)lines:#}")
    (( $#lines )) && _describe -V tcpclose lines
}
if [ "$funcstack[1]" = "_tcpclose" ]; then
    _tcpclose "$@"
else
    compdef _tcpclose tcpclose
fi
