using System;
using System.Diagnostics.CodeAnalysis;

namespace Thimble.Cli.Device;

/// <summary>Something that a device needs on this machine does not work; the message says what.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Thrown and caught in this tool only.")]
internal sealed class DeviceException(string message) : Exception(message);
