/** Networks: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers } from "./function-rig.ts";

describe("cidrhost", () => {
  answers("cidrhost", ["x", 1], "✗ invalid CIDR expression: invalid CIDR address: x");
  answers("cidrhost", ["10.0.0.0/33", 1], "✗ invalid CIDR expression: invalid CIDR address: 10.0.0.0/33");
  answers("cidrhost", ["10.0.0/8", 1], "✗ invalid CIDR expression: invalid CIDR address: 10.0.0/8");
  answers("cidrhost", ["10.0.0.0", 1], "✗ invalid CIDR expression: invalid CIDR address: 10.0.0.0");
  answers("cidrhost", ["010.0.0.0/8", 1], "✗ invalid CIDR expression: invalid CIDR address: 010.0.0.0/8");
  answers("cidrhost", ["10.0.0.256/8", 1], "✗ invalid CIDR expression: invalid CIDR address: 10.0.0.256/8");
  answers("cidrhost", ["10.0.0.0/08", 1], '"10.0.0.1"');
  answers("cidrhost", ["10.0.0.0/-1", 1], "✗ invalid CIDR expression: invalid CIDR address: 10.0.0.0/-1");
  answers("cidrhost", ["10.0.0.0/8", 0.5], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("cidrhost", ["10.0.0.0/8", 1e30], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("cidrhost", ["10.0.0.0/28", 16], "✗ prefix of 28 does not accommodate a host numbered 16");
  answers("cidrhost", ["10.0.0.0/28", -16], '"10.0.0.0"');
  answers("cidrhost", ["10.0.0.0/28", -17], "✗ prefix of 28 does not accommodate a host numbered -17");
  answers("cidrhost", ["10.0.0.0/32", 0], '"10.0.0.0"');
  answers("cidrhost", ["10.0.0.0/32", -1], '"10.0.0.0"');
  answers("cidrhost", ["10.0.0.0/0", 5], '"0.0.0.5"');
  answers("cidrhost", ["fd00::/64", 10], '"fd00::a"');
  answers("cidrhost", ["fd00::/64", -1], '"fd00::ffff:ffff:ffff:ffff"');
  answers("cidrhost", ["fd00::/64", 10000000000000000000], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("cidrhost", ["::ffff:10.0.0.0/8", 1], '"::1"');
  answers("cidrhost", ["::1.2.3.4/96", 1], '"::1"');
  answers("cidrhost", ["fe80::1%eth0/64", 1], "✗ invalid CIDR expression: invalid CIDR address: fe80::1%eth0/64");
  answers("cidrhost", ["::/0", 1], '"::1"');
  answers("cidrhost", ["1::2::3/64", 1], "✗ invalid CIDR expression: invalid CIDR address: 1::2::3/64");
  answers("cidrhost", ["1:2:3:4:5:6:7:8/64", 1], '"1:2:3:4::1"');
  answers("cidrhost", ["1:2:3:4:5:6:7::/64", 1], '"1:2:3:4::1"');
  answers("cidrhost", ["1:2:3:4:5:6:7:8:9/64", 1], "✗ invalid CIDR expression: invalid CIDR address: 1:2:3:4:5:6:7:8:9/64");
  answers("cidrhost", ["12345::/64", 1], "✗ invalid CIDR expression: invalid CIDR address: 12345::/64");
  answers("cidrhost", ["FD00::/64", 1], '"fd00::1"');
  answers("cidrhost", ["1:0:0:2:0:0:0:3/128", 0], '"1:0:0:2::3"');
  answers("cidrhost", ["1:0:2:3:4:5:6:7/128", 0], '"1:0:2:3:4:5:6:7"');
  answers("cidrhost", ["10.0.0.0/ 8", 1], "✗ invalid CIDR expression: invalid CIDR address: 10.0.0.0/ 8");
});

describe("cidrnetmask", () => {
  answers("cidrnetmask", ["x"], "✗ invalid CIDR expression: invalid CIDR address: x");
  answers("cidrnetmask", ["10.0.0.0/8"], '"255.0.0.0"');
  answers("cidrnetmask", ["10.0.0.0/0"], '"0.0.0.0"');
  answers("cidrnetmask", ["fd00::/16"], '"ffff::"');
  answers("cidrnetmask", ["::ffff:10.0.0.0/104"], '"ffff:ffff:ffff:ffff:ffff:ffff:ff00:0"');
});

describe("cidrsubnet", () => {
  answers("cidrsubnet", ["10.0.0.0/8", 33, 0], "✗ may not extend prefix by more than 32 bits");
  answers("cidrsubnet", ["10.0.0.0/8", 25, 0], "✗ insufficient address space to extend prefix of 8 by 25");
  answers("cidrsubnet", ["172.16.0.0/12", 21, 0], "✗ insufficient address space to extend prefix of 12 by 21");
  answers("cidrsubnet", ["172.16.0.0/12", 4, 16], "✗ prefix extension of 4 does not accommodate a subnet numbered 16");
  answers("cidrsubnet", ["172.16.0.0/12", 4, -1], "✗ prefix extension of 4 does not accommodate a subnet numbered -1");
  answers("cidrsubnet", ["172.16.0.0/12", -1, 0], '"172.16.0.0/11"');
  answers("cidrsubnet", ["172.16.0.0/12", 0, 0], '"172.16.0.0/12"');
  answers("cidrsubnet", ["172.16.0.0/12", 0, 1], "✗ prefix extension of 0 does not accommodate a subnet numbered 1");
  answers("cidrsubnet", ["172.16.0.0/12", 0.5, 1], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("cidrsubnet", ["172.16.0.0/12", 4, 0.5], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("cidrsubnet", ["fd00::/8", 32, 4294967295], '"fdff:ffff:ff00::/40"');
  answers("cidrsubnet", ["fd00::/8", 40, 1], "✗ may not extend prefix by more than 32 bits");
  answers("cidrsubnet", ["x", 1, 1], "✗ invalid CIDR expression: invalid CIDR address: x");
  answers("cidrsubnet", ["10.0.0.0/8", 4, -17], "✗ prefix extension of 4 does not accommodate a subnet numbered -17");
});

describe("cidrsubnets", () => {
  answers("cidrsubnets", ["10.0.0.0/24", 0], "✗ newbits: must extend prefix by at least one bit");
  answers("cidrsubnets", ["10.0.0.0/24", 33], "✗ newbits: may not extend prefix by more than 32 bits");
  answers("cidrsubnets", ["10.0.0.0/24", 9], "✗ newbits: would extend prefix to 33 bits, which is too long for an IPv4 address");
  answers("cidrsubnets", ["10.0.0.0/24", 1, 1, 1], "✗ newbits: not enough remaining address space for a subnet with a prefix of 25 bits after 10.0.0.128/25");
  answers(
    "cidrsubnets",
    ["10.1.0.0/16", 4, 8, 1, 1],
    "✗ newbits: not enough remaining address space for a subnet with a prefix of 17 bits after 10.1.128.0/17",
  );
  answers("cidrsubnets", ["fd00::/120", 9], "✗ newbits: would extend prefix to 129 bits, which is too long for an IPv6 address");
  answers("cidrsubnets", ["x", 1], "✗ prefix: invalid CIDR expression: invalid CIDR address: x");
  answers("cidrsubnets", ["10.0.0.0/24"], "[]");
  answers("cidrsubnets", ["10.0.0.0/24", -1], "✗ newbits: must extend prefix by at least one bit");
  answers("cidrsubnets", ["10.0.0.0/24", 0.5], "✗ newbits: value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("cidrsubnets", ["10.0.0.0/24", 2, 1, 2], "✗ newbits: not enough remaining address space for a subnet with a prefix of 26 bits after 10.0.0.128/25");
  answers("cidrsubnets", ["fd00::/96", 32, 32], '["fd00::/128","fd00::1/128"]');
  answers(
    "cidrsubnets",
    ["255.255.255.0/24", 1, 1, 1],
    "✗ newbits: not enough remaining address space for a subnet with a prefix of 25 bits after 255.255.255.128/25",
  );
  answers("cidrsubnets", ["10.0.0.0/24", 1, null], "✗ newbits: argument must not be null");
  answers("cidrsubnets", ["fd00::/56", 8, 8], '["fd00::/64","fd00:0:0:1::/64"]');
});
