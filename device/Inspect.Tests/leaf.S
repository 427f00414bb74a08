@ expect: deepest stack: 0 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  bx lr
.size root, . - root
