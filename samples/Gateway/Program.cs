using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Thimble;
using Thimble.Memory;
using Thimble.Mqtt;

// A gateway: devices that cannot speak TLS hand it their readings as lines "NAME VALUE" (here on standard input), and it speaks for each of them over a
// connection of its own, with that device's certificate. Commands come back as lines "NAME: COMMAND".
//
//   dotnet run --project samples/Gateway -- broker.example ca.pem identities/       (identities/NAME.pem and identities/NAME.key)
if (args is not [string host, string authorities, string identities])
{
    Console.Error.WriteLine("usage: Gateway BROKER CA.pem FOLDER");
    return 2;
}

try
{
    // All certificates have EC keys here. An idle device costs this process some 400 bytes, and its socket.
    await using var fleet = new MqttFleet(new MqttFleetOptions
    {
        Trust = Trust.FromFile(authorities),
        Profile = Profiles.General.Profile with { ClientEcdsaBits = 256, MaxMqttAcknowledgements = 2, MaxMqttInFlight = 2 },
        Host = host,
        Received = static (client, message) => Console.WriteLine($"{client.Tag}: {Encoding.UTF8.GetString(message.Payload)}"),
        Ended = static (client, why) => Console.Error.WriteLine($"{client.Tag} is not connected any more. {why?.Message}"),
    });
    var devices = new Dictionary<string, MqttFleetClient>();
    foreach (string certificate in Directory.EnumerateFiles(identities, "*.pem"))
    {
        string name = Path.GetFileNameWithoutExtension(certificate);
        using ClientIdentity identity = ClientIdentity.FromFiles(certificate, Path.ChangeExtension(certificate, ".key"));
        MqttFleetClient device = await fleet.ConnectAsync(identity, name, tag: name);
        await device.SubscribeAsync($"devices/{name}/command", MqttQos.AtLeastOnce);
        devices.Add(name, device);
    }

    Console.WriteLine($"{devices.Count} devices are connected, in {fleet.MemoryUse.SlotBytes} bytes each.");
    while (await Console.In.ReadLineAsync() is { } line)
    {
        string[] parts = line.Split(' ', 2);
        if (parts is [string name, string value] && devices.TryGetValue(name, out MqttFleetClient? device))
        {
            await device.PublishAsync($"devices/{name}/reading", Encoding.UTF8.GetBytes(value), MqttQos.AtLeastOnce);
        }
        else
        {
            Console.Error.WriteLine($"'{line}' is not \"NAME VALUE\" with a device of {identities}: {string.Join(", ", devices.Keys.Take(5))} …");
        }
    }

    return 0;
}
catch (ThimbleException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
