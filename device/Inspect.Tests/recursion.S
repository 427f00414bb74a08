@ expect: error: recursion: first -> second -> first
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, lr}
  bl first
  pop {r4, pc}
.size root, . - root
.global first
.type first, %function
first:
  push {r4, lr}
  bl second
  pop {r4, pc}
.size first, . - first
.global second
.type second, %function
second:
  push {r4, lr}
  bl first
  pop {r4, pc}
.size second, . - second
