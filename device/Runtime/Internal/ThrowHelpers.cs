using System;
using Internal.TypeSystem;

namespace Internal.TypeSystem
{
    /// <summary>Which message an exception would carry on a host.</summary>
    internal enum ExceptionStringID
    {
        None = 0,
    }
}

namespace Internal.Runtime.CompilerHelpers
{
    /// <summary>
    /// What the compiler calls where a host would throw. All of its names are here, with its signatures: one that is
    /// missing would fail the build without saying where, whereas with it the compiler names the method (IL1005) and
    /// the device check fails.
    /// </summary>
    internal static class ThrowHelpers
    {
        internal static void ThrowIndexOutOfRangeException() => FailFast.Stop(StopReason.IndexOutOfRange);

        internal static void ThrowArgumentException() => FailFast.Stop(StopReason.ArgumentOutOfRange);

        internal static void ThrowArgumentOutOfRangeException() => FailFast.Stop(StopReason.ArgumentOutOfRange);

        internal static void ThrowNullReferenceException() => FailFast.Stop(StopReason.NullReference);

        internal static void ThrowDivideByZeroException() => FailFast.Stop(StopReason.DivideByZero);

        internal static void ThrowOverflowException() => FailFast.Stop(StopReason.Overflow);

        internal static void ThrowArrayTypeMismatchException() => FailFast.Stop(StopReason.NotSupported);

        internal static void ThrowPlatformNotSupportedException() => FailFast.Stop(StopReason.NotSupported);

        internal static void ThrowNotSupportedException() => FailFast.Stop(StopReason.NotSupported);

        internal static void ThrowNotImplementedException() => FailFast.Stop(StopReason.NotSupported);

        internal static void ThrowNotSupportedInlineArrayEqualsGetHashCode() => FailFast.Stop(StopReason.NotSupported);

        internal static void ThrowBodyRemoved() => FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowFeatureBodyRemoved() => FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowInstanceBodyRemoved() => FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowUnavailableType() => FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowBadImageFormatException(ExceptionStringID id) => FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowTypeLoadException(ExceptionStringID id, string className, string typeName) =>
            FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowTypeLoadExceptionWithArgument(ExceptionStringID id, string className, string typeName, string messageArg) =>
            FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowMissingMethodException(ExceptionStringID id, string methodName) =>
            FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowMissingFieldException(ExceptionStringID id, string fieldName) =>
            FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowFileNotFoundException(ExceptionStringID id, string fileName) =>
            FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowInvalidProgramException(ExceptionStringID id) => FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowInvalidProgramExceptionWithArgument(ExceptionStringID id, string methodName) =>
            FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowMarshalDirectiveException(ExceptionStringID id) => FailFast.Stop(StopReason.MissingMember);

        internal static void ThrowAmbiguousMatchException(ExceptionStringID id) => FailFast.Stop(StopReason.MissingMember);
    }
}
