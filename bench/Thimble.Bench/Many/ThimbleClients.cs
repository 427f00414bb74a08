using System;
using System.Text;
using System.Threading.Tasks;

namespace Thimble.Bench.Many;

/// <summary>The clients of a <see cref="MqttFleet"/>. A client's tag is whoever waits for its message.</summary>
internal sealed class ThimbleClients : IClients
{
    private static readonly byte[] s_payload = Encoding.ASCII.GetBytes("21.5");

    private readonly DeviceCertificates _certificates;
    private readonly MqttFleet _fleet;
    private readonly MqttFleetClient?[] _clients;

    public ThimbleClients(DeviceCertificates certificates, int port, int devices)
    {
        _certificates = certificates;
        _clients = new MqttFleetClient?[devices];
        _fleet = new MqttFleet(new MqttFleetOptions
        {
            Trust = Trust.Of([certificates.Authority]),
            Profile = Profiles.Ecdsa.Profile with { ClientEcdsaBits = 256, MaxMqttAcknowledgements = 2, MaxMqttInFlight = 2 },
            Host = "127.0.0.1",
            Port = port,
            ServerName = DeviceCertificates.ServerName,
            KeepAliveSeconds = ManyClients.KeepAliveSeconds,
            Received = static (client, message) =>
            {
                if (message.Payload.SequenceEqual(s_payload))
                {
                    ((TaskCompletionSource?)client.Tag)?.TrySetResult();
                }
            },
        });
    }

    public int SlotBytes => _fleet.MemoryUse.SlotBytes;

    public int WorkingBuffers => _fleet.MemoryUse.Working;

    public async Task ConnectAsync(int device)
    {
        using (var credentials = Credentials.FromImage(_certificates.Image(device)))
        {
            _clients[device] = await _fleet.ConnectAsync(credentials, ManyClients.NameOf(device));
        }

        await _clients[device]!.SubscribeAsync(ManyClients.NameOf(device));
    }

    public async Task<bool> EchoAsync(int device)
    {
        MqttFleetClient client = _clients[device]!;
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Tag = back;
        await client.PublishAsync(ManyClients.NameOf(device), s_payload);
        await back.Task.WaitAsync(TimeSpan.FromSeconds(60));
        client.Tag = null;
        return true;
    }

    public ValueTask CloseAsync(int device) => _clients[device]!.DisconnectAsync();

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();
}
