echo "$SERVICE $VERSION: $(wc -l < /srv/index) words"
grep -i -- "${1:-.}" /srv/index
