#!/bin/busybox sh
# The first and only program of the virtual machine. It does what the tester asks for, one line of shell at a time, on one
# port of the serial bus, and echoes lines on another, which shows how late this machine runs. On a third it does what
# people ask for who look at it by hand.

/bin/busybox mkdir -p /proc /sys /dev /tmp /run /var/run /etc
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox mkdir -p /usr/bin /usr/sbin
/bin/busybox --install -s /bin
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
while read -r module; do
    insmod /modules/$module
done </modules/order
ip link set lo up

# The bus is found a moment after its driver was loaded.
tries=0
while [ ! -c /dev/vport0p3 ] && [ $tries -lt 100 ]; do
    sleep 0.05
    tries=$((tries + 1))
done

while exec 4<>/dev/vport0p2; do
    # It ends while nobody is at the other end.
    while read -r line <&4; do echo "$line" >&4; done
    exec 4>&-
    sleep 0.2
done &

# Answers: exit status, number of octets, and so many octets of output. Descriptor 3 is the port; the arguments
# are a name, and the seconds between two looks while nobody is at the other end.
serve() {
    while :; do
        if IFS= read -r line <&3; then
            (eval "$line") >"/tmp/$1" 2>&1 </dev/null 3>&-
            status=$?
            { echo "$status $(stat -c %s "/tmp/$1")"; cat "/tmp/$1"; } >&3
        else
            sleep "$2"
        fi
    done
}

(exec 3<>/dev/vport0p3; serve guest 2) &
exec 3<>/dev/vport0p1
echo ready >&3
serve answer 0.2
