# What the shop sells.
catalogue() {
  printf '%s\n' 'apple 0.40' 'bread 3.20' 'cheese 5.90'
}
