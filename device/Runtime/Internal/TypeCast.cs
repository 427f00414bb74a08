namespace System.Runtime;

/// <summary>Names that the compiler resolves before it compiles anything. Nothing calls them: no object exists.</summary>
internal static unsafe class TypeCast
{
    private static object IsInstanceOfAny(void* type, object value) => null;

    private static object IsInstanceOfInterface(void* type, object value) => null;

    private static object IsInstanceOfClass(void* type, object value) => null;

    private static object IsInstanceOfException(void* type, object value) => null;

    private static object CheckCastAny(void* type, object value) => null;

    private static object CheckCastInterface(void* type, object value) => null;

    private static object CheckCastClass(void* type, object value) => null;

    private static object CheckCastClassSpecial(void* type, object value) => null;

    private static void CheckCastUnbox()
    {
    }

    private static void StelemRef(object[] array, nint index, object value)
    {
    }

    private static ref object LdelemaRef(object[] array, nint index, nint type) => ref array[0];
}
