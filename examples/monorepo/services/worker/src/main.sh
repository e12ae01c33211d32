# Works through the orders on its input.
echo "$SERVICE $VERSION: waiting for orders"
while read -r order; do
  echo "done: $order"
done
