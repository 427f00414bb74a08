@ expect: error: root goes where a register says
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, lr}
  blx r3
  pop {r4, pc}
.size root, . - root
