# tcpclose for fish:
#     tcpclose completion fish > ~/.config/fish/completions/tcpclose.fish
function __tcpclose_complete
    set -l words (commandline -opc) (commandline -ct)
    tcpclose __complete fish $words[2..] 2>/dev/null
end
complete -c tcpclose -f -k -a '(__tcpclose_complete)'
