/* LPC1769 (Cortex-M3): the vectors, and the few lines that C# cannot say. Linked and inspected, never run: no emulator here has this chip. */
.syntax unified
.cpu cortex-m3
.thumb

.section .vectors, "a"
.word board_stack_top
.word Reset + 1
.word board_fault + 1           /* NMI */
.word board_fault + 1           /* hard fault; the others escalate to it */
.word board_fault + 1
.word board_fault + 1
.word board_fault + 1
.word board_vector_checksum     /* for the boot ROM; link.ld computes it */
.word device_image_start        /* reserved by the core; Board.Image reads the two */
.word device_image_end

.weak device_image_start
.weak device_image_end

.section .note.GNU-stack, "", %progbits

.text

/* Paints the whole RAM and runs main; the code protection word at 0x2FC is the image's own affair (docs/device.md). */
.global Reset
.thumb_func
Reset:
  ldr r0, =board_ram_start
  ldr r1, =board_stack_top
  ldr r2, =0xA5A5A5A5
1:str r2, [r0], #4
  cmp r0, r1
  blo 1b
  bl board_main

/* The program is over: begin again (AIRCR.SYSRESETREQ). */
.global board_exit
.thumb_func
board_exit:
  ldr r0, =0xE000ED0C
  ldr r1, =0x05FA0004
  dsb
  str r1, [r0]
  b .

/* What the runtime calls when it can go no further: r0 is the reason. */
.global board_stop
.thumb_func
board_stop:
  mov r1, lr
  mov r2, sp
  bl board_stopped
  b board_exit

.global board_fault
.thumb_func
board_fault:
  movs r0, #9                   /* StopReason.HardFault */
  ldr r1, [sp, #24]             /* the stacked program counter */
  mov r2, sp
  bl board_stopped
  b board_exit
