echo "$SERVICE $VERSION: signed $(cut -c 1-12 /srv/signature 2>/dev/null || echo by nobody)"
