using System;
using System.Text;
using Thimble.Mqtt;
using SessionWill = Thimble.Mqtt.MqttWill;

namespace Thimble;

/// <summary>CONNECT as a client's options say it.</summary>
internal static class ConnectPacket
{
    private const int OverheadBytes = 256;

    /// <summary>The packet. It may hold a password: wipe it after use.</summary>
    /// <exception cref="ArgumentException">The options break a rule of MQTT.</exception>
    public static Memory<byte> Write(MqttSession session, MqttClientOptions options, bool keepsSession, byte[] authentication)
    {
        bool version5 = options.Version == MqttVersion.V5;
        byte[] clientId = Encoding.UTF8.GetBytes(options.ClientId);
        byte[] userName = Encoding.UTF8.GetBytes(options.UserName ?? "");
        byte[] properties = version5 ? MqttEncoding.Connect(options, authentication) : [];
        MqttPublication? will = options.Will?.Message;
        byte[] willTopic = Encoding.UTF8.GetBytes(will?.Topic ?? "");
        byte[] willProperties = version5 && will is not null ? MqttEncoding.Publication(will, null, null, options.Will!.Delay) : [];
        var packet = new byte[OverheadBytes + clientId.Length + userName.Length + options.Password.Length + properties.Length
            + willTopic.Length + willProperties.Length + (will?.Payload.Length ?? 0)];
        MqttStatus status = session.Connect(
            new MqttConnectOptions
            {
                ClientId = clientId,
                UserName = userName,
                Password = options.Password.Span,
                Properties = properties,
                KeepAliveSeconds = (ushort)options.KeepAlive.TotalSeconds,
                Version = options.Version,
                KeepSession = keepsSession,
            },
            will is null ? default : new SessionWill
            {
                Topic = willTopic,
                Payload = will.Payload.Span,
                Properties = willProperties,
                Qos = will.Qos,
                Retain = will.Retain,
            },
            packet,
            out int written);
        if (status != MqttStatus.Complete)
        {
            packet.AsSpan().Clear();
            throw MqttExplanations.Invalid("What CONNECT says (client identifier, user name, password, will or properties)");
        }

        return packet.AsMemory(0, written);
    }
}
