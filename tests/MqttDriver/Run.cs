using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.MqttDriver;

/// <summary>One connection: what one <see cref="Script"/> asks for, and what came of it.</summary>
internal sealed class Run(Settings settings, Script script, TextWriter output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs until the connection ends, or until <paramref name="next"/> is there: then the client takes its leave.</summary>
    public async Task ToEndAsync(Task next)
    {
        using Credentials? credentials = settings.CaFile is { } file ? Credentials.Load(file) : null;
        using var stop = new CancellationTokenSource();
        await using var client = new MqttClient(Options(credentials));
        client.StateChanged += (_, change) =>
        {
            if (change is { State: MqttConnectionState.Disconnected, Cause: not null })
            {
                stop.Cancel();
            }
        };
        Task work = WorkAsync(client, stop.Token);
        if (await Task.WhenAny(work, next) == next)
        {
            await client.DisconnectAsync();
            await stop.CancelAsync();
        }

        try
        {
            await work;
            Say("end");
        }
        catch (OperationCanceledException)
        {
            Say("end");
        }
        catch (ThimbleException e)
        {
            Say($"end {Name(e)}");
        }
    }

    private MqttClientOptions Options(Credentials? credentials) => new()
    {
        Server = new Uri($"{(credentials is null ? "mqtt" : "mqtts")}://{(credentials is null ? "127.0.0.1" : "localhost")}:{script.Port.ToString(CultureInfo.InvariantCulture)}"),
        AllowPlaintext = credentials is null,
        Credentials = credentials,
        Version = script.Version,
        ClientId = settings.ClientId,
        CleanStart = script.Clean,
        SessionExpiry = script.Clean ? TimeSpan.Zero : TimeSpan.MaxValue,
        ConnectTimeout = s_patience,
        Reconnect = null,
    };

    private async Task WorkAsync(MqttClient client, CancellationToken stop)
    {
        MqttConnectResult connected = await client.ConnectAsync(stop);
        Say($"connected {(connected.SessionPresent ? 1 : 0)}");
        Task command = CommandAsync(client);
        try
        {
            await foreach (MqttMessage message in client.Messages(CancellationToken.None))
            {
                Say($"message {message.Topic} {(int)message.Qos} {Convert.ToHexStringLower(message.Payload.Span)}");
            }
        }
        finally
        {
            // The connection may end behind the answer to the command, which is to be told all the same.
            await command.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CommandAsync(MqttClient client)
    {
        switch (script.Command)
        {
            case "subscribe":
                MqttSubscribeResult granted = await client.SubscribeAsync(script.Arguments[0], script.Qos(1));
                Say($"subscribed {(int)granted.Reasons.Single()}");
                break;
            case "unsubscribe":
                MqttUnsubscribeResult taken = await client.UnsubscribeAsync([script.Arguments[0]]);
                Say($"unsubscribed {(int)taken.Reasons.Single()}");
                break;
            case "publish":
                MqttPublishResult published = await client.PublishAsync(script.Arguments[0], Encoding.UTF8.GetBytes(script.Arguments[2]), script.Qos(1));
                Say($"published {(int)published.Reason}");
                break;
        }
    }

    /// <summary>The end in one word, and the fault or the reason in another.</summary>
    private static string Name(ThimbleException cause) => cause switch
    {
        MqttException { Fault.Reason: not FaultReason.None } mqtt => $"{mqtt.Problem} {mqtt.Fault.Reason}",
        MqttException mqtt => $"{mqtt.Problem} {mqtt.ReasonCode}",
        TlsFaultException tls => $"{nameof(TlsFaultException)} {tls.Fault.Reason}",
        _ => cause.GetType().Name,
    };

    private void Say(string line)
    {
        lock (output)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
