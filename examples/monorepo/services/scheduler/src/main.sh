echo "$SERVICE $VERSION"
for job in invoices backups newsletter; do
  echo "would start: $job"
done
