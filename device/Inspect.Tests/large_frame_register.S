@ expect: deepest stack: 70,008 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, lr}
  movw ip, #0x1170
  movt ip, #1
  sub sp, sp, ip
  movw ip, #0x1170
  movt ip, #1
  add sp, sp, ip
  pop {r4, pc}
.size root, . - root
