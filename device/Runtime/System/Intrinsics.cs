namespace System.Runtime.Intrinsics
{
    // None of these instructions exists here. Code behind IsSupported is dropped before its members are looked up, so
    // nothing more than this property is needed; the vectors are named in signatures and have no content.

    public static class Vector64
    {
        public static bool IsHardwareAccelerated => false;
    }

    public readonly struct Vector64<T>
    {
    }

    public static class Vector128
    {
        public static bool IsHardwareAccelerated => false;
    }

    public readonly struct Vector128<T>
    {
    }

    public static class Vector256
    {
        public static bool IsHardwareAccelerated => false;
    }

    public readonly struct Vector256<T>
    {
    }

    public static class Vector512
    {
        public static bool IsHardwareAccelerated => false;
    }

    public readonly struct Vector512<T>
    {
    }
}

namespace System.Runtime.Intrinsics.Arm
{
    public abstract class AdvSimd
    {
        public static bool IsSupported => false;

        public abstract class Arm64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Aes
    {
        public static bool IsSupported => false;

        public abstract class Arm64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class ArmBase
    {
        public static bool IsSupported => false;

        public abstract class Arm64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Crc32
    {
        public static bool IsSupported => false;

        public abstract class Arm64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Dp
    {
        public static bool IsSupported => false;

        public abstract class Arm64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Rdm
    {
        public static bool IsSupported => false;

        public abstract class Arm64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Sha1
    {
        public static bool IsSupported => false;

        public abstract class Arm64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Sha256
    {
        public static bool IsSupported => false;

        public abstract class Arm64
        {
            public static bool IsSupported => false;
        }
    }
}

namespace System.Runtime.Intrinsics.X86
{
    public abstract class Aes
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Avx
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Avx2
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Avx512BW
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }

        public abstract class VL
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Avx512CD
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }

        public abstract class VL
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Avx512DQ
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }

        public abstract class VL
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Avx512F
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }

        public abstract class VL
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Avx512Vbmi
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }

        public abstract class VL
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Bmi1
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Bmi2
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Fma
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Gfni
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Lzcnt
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Pclmulqdq
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }

        public abstract class V256
        {
            public static bool IsSupported => false;
        }

        public abstract class V512
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Popcnt
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Sse
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Sse2
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Sse3
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Sse41
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Sse42
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class Ssse3
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }

    public abstract class X86Base
    {
        public static bool IsSupported => false;

        public abstract class X64
        {
            public static bool IsSupported => false;
        }
    }
}
