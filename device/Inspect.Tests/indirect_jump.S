@ expect: error: root goes where a register says
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  bx r3
.size root, . - root
