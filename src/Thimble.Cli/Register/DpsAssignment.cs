using System.Text.Json;

namespace Thimble.Cli.Register;

/// <summary>The hub that a device belongs to from now on.</summary>
/// <param name="Hub">The hub's host.</param>
/// <param name="DeviceId">By which the hub knows the device.</param>
/// <param name="Substatus">Whether that is new: <c>initialAssignment</c>, <c>deviceDataMigrated</c> and others, or null.</param>
/// <param name="Payload">What a custom allocation policy gives to the device, or null.</param>
internal sealed record DpsAssignment(string Hub, string DeviceId, string? Substatus, JsonElement? Payload);
