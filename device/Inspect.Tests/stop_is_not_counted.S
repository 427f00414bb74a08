@ expect: deepest stack: 8 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, lr}
  cbz r0, 1f
  pop {r4, pc}
  1: bl refuse
  udf #0
.size root, . - root
.global refuse
.type refuse, %function
refuse:
  push {r4, lr}
  bl board_stop
  udf #0
.size refuse, . - refuse
.global board_stop
.type board_stop, %function
board_stop:
  sub sp, #400
  b board_stop
.size board_stop, . - board_stop
