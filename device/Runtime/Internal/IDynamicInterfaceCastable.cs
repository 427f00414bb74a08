namespace System.Runtime.InteropServices;

/// <summary>Another name that the compiler resolves before it compiles anything.</summary>
internal interface IDynamicInterfaceCastable
{
    RuntimeTypeHandle GetDynamicInterfaceImplementation(RuntimeTypeHandle interfaceType);

    bool IsInterfaceImplemented(RuntimeTypeHandle interfaceType, bool throwIfNotImplemented);
}
