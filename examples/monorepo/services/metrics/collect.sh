#!/bin/sh
# Prints what the machine does, in lines that a time series database takes.
read -r one five fifteen rest < /proc/loadavg
echo "load{minutes=\"1\"} $one"
echo "load{minutes=\"5\"} $five"
echo "load{minutes=\"15\"} $fifteen"
