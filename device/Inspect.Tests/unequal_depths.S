@ expect: error: root reaches
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  cbz r0, 1f
  push {r4, lr}
  1: bx lr
.size root, . - root
