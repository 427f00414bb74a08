@ expect: error: recursion: root -> next -> root
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  b.w next
.size root, . - root
.global next
.type next, %function
next:
  cbz r0, 1f
  b.w root
  1: bx lr
.size next, . - next
