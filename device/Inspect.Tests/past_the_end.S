@ expect: error: root runs past its end
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  cbz r0, 1f
  bx lr
  1: nop
.size root, . - root
.global other
.type other, %function
other:
  bx lr
.size other, . - other
