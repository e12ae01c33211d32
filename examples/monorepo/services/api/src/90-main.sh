echo "$SERVICE $VERSION: $(catalogue | wc -l) products"
catalogue
