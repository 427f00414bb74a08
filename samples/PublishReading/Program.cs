using System;
using System.Globalization;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble;
using Thimble.Mqtt;

// Publishes a temperature every few seconds until Ctrl-C, and prints what comes back on the command topic.
//
//   dotnet run --project samples/PublishReading -- mqtts://broker.example:8883 ca.pem device.pem device.key
if (args is not [string server, string authorities, string certificate, string key])
{
    Console.Error.WriteLine("usage: PublishReading mqtts://HOST[:PORT] CA.pem DEVICE.pem DEVICE.key");
    return 2;
}

using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    end.Cancel();
};

try
{
    using Credentials credentials = Credentials.Load(authorities, certificate, key);
    await using var client = new MqttClient(new MqttClientOptions
    {
        Server = new Uri(server),
        Credentials = credentials,
        ClientId = "thermometer-1",
        Will = new MqttLastWill(new MqttPublication { Topic = "thermometer-1/state", Payload = "gone"u8.ToArray(), Retain = true }),
    });
    client.StateChanged += static (_, change) => Console.WriteLine($"now {change.State}");
    await client.ConnectAsync(end.Token);
    await client.SubscribeAsync("thermometer-1/command", MqttQos.AtLeastOnce, end.Token);
    Task listening = ListenAsync(client, end.Token);
    while (!end.IsCancellationRequested)
    {
        string reading = (20 + Random.Shared.NextDouble()).ToString("0.00", CultureInfo.InvariantCulture);
        await client.PublishAsync("thermometer-1/temperature", Encoding.UTF8.GetBytes(reading), MqttQos.AtLeastOnce, cancellationToken: end.Token);
        Console.WriteLine($"published {reading}");
        await Task.Delay(TimeSpan.FromSeconds(5), end.Token);
    }

    await listening;
}
catch (OperationCanceledException) when (end.IsCancellationRequested)
{
    // Ctrl-C. Disposing of the client has said goodbye to the broker.
}
catch (ThimbleException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

return 0;

static async Task ListenAsync(MqttClient client, CancellationToken end)
{
    await foreach (MqttMessage message in client.Messages(end))
    {
        Console.WriteLine($"{message.Topic}: {Encoding.UTF8.GetString(message.Payload.Span)}");
    }
}
