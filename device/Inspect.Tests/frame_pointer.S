@ expect: deepest stack: 40 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, fp, lr}
  mov fp, sp
  sub sp, #28
  mov sp, fp
  pop {r4, fp, pc}
.size root, . - root
