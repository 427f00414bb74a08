using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using Spectre.Console;
using Thimble.Cli.Demo;
using Thimble.Cli.Html;
using Thimble.Cli.Timeline;
using Thimble.Memory;
using Thimble.Mqtt;
using Profile = Thimble.Memory.Profile;

namespace Thimble.Cli;

/// <summary><c>thimble demo</c>: the whole story on one machine with nothing installed.</summary>
internal static class DemoCommand
{
    private const string Topic = "thimble/demo/demo-device-1/from-inside-one-planned-buffer/out";
    private const string Message = "hello from inside one buffer";

    /// <summary>What the engineers of whom the design speaks measured with another library, in bytes of heap.</summary>
    private const int OtherLibraryBytes = 31_656;

    /// <summary>How many messages the broker puts into one record.</summary>
    private const int RecordMessages = 4;

    /// <summary>What was asked for on the command line.</summary>
    private sealed record Request(ClientKeyChoice ClientKey, string ProfileName, Profile Profile, bool BothVersions, int RecordBytes, string? HtmlFile, bool Json);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("demo", "Send an MQTT message over mutual TLS to a broker inside this process, and show every byte of memory that it took.");
        Option<ClientKeyChoice?> clientKey = ClientKeyChoice.Option("The client's private key to make");
        var profile = new ProfileOptions(command, Profiles.Rsa2048);
        Option<int?> record = ProfileOptions.Range("--record", "Let the broker put several messages into one record of that size, larger than the window.", 1024, 16_384);
        Option<string?> htmlFile = HtmlFile.Option("the map of the handshakes");
        Option<bool> json = PlanCommand.JsonOption();
        command.Options.Add(clientKey);
        command.Options.Add(record);
        command.Options.Add(htmlFile);
        command.Options.Add(json);
        command.Validators.Add(result =>
        {
            if (result.GetValue(clientKey) is { Keys: null })
            {
                result.AddError("The demonstration's broker demands a client certificate that the platform can make: --client-key none and ed25519 are for 'plan'.");
            }
        });
        command.SetAction(result => Run(
            terminal,
            new Request(
                ClientKeyChoice.Of(result, clientKey), profile.Name(result), ForRecord(profile.Read(result), result.GetValue(record) ?? 0), !profile.ChoosesVersions(result),
                result.GetValue(record) ?? 0, result.GetValue(htmlFile), result.GetValue(json))));
        return command;
    }

    private static int Run(Terminal terminal, Request request)
    {
        if (!request.Json)
        {
            Introduce(terminal.Console, request);
        }

        using DemoPki pki = terminal.While("Making keys and certificates", request.Json, () => DemoPki.Create(ServerKeys(request.Profile), request.ClientKey.Keys!, DateTimeOffset.UtcNow));
        using Credentials credentials = pki.ClientCredentials();
        DemoBroker broker = DemoBroker.Start(pki);
        try
        {
            return Talk(terminal, request, pki, broker, credentials);
        }
        finally
        {
            broker.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>One connection, or one with each version: the first as the broker likes it best, and then TLS 1.2.</summary>
    private static int Talk(Terminal terminal, Request request, DemoPki pki, DemoBroker broker, Credentials credentials)
    {
        (RunReport report, HandshakeTimeline timeline) = Talk(request, broker, credentials);
        IReadOnlyCollection<string> notes = [.. broker.Notes];
        if (!report.Ok || !request.BothVersions)
        {
            Show(terminal, request, report, timeline.Map, pki, notes);
            return report.Ok && WritePage(terminal, request, [(report.Tls!, timeline)]) ? ExitCode.Good : ExitCode.Fault;
        }

        Request older = request with { Profile = request.Profile with { Versions = TlsVersions.Tls12 } };
        (RunReport again, HandshakeTimeline timelineOf12) = Talk(older, broker, credentials);
        Show(terminal, request, report with { Ok = again.Ok, Again = again }, timeline.Map, pki, notes);
        if (!request.Json)
        {
            ShowAgain(terminal, again, timelineOf12.Map);
        }

        return again.Ok && WritePage(terminal, request, [(report.Tls!, timeline), (again.Tls!, timelineOf12)]) ? ExitCode.Good : ExitCode.Fault;
    }

    /// <summary>The page, where one was asked for.</summary>
    private static bool WritePage(Terminal terminal, Request request, IReadOnlyList<(TlsReport, HandshakeTimeline)> handshakes) =>
        request.HtmlFile is not { } file || HtmlFile.TryWrite(terminal, file, page => TimelinePage.Write(page, request.ProfileName, handshakes));

    private static (RunReport Report, HandshakeTimeline Timeline) Talk(Request request, DemoBroker broker, Credentials credentials)
    {
        HandshakeRecorder? recorder = request.HtmlFile is null ? null : new HandshakeRecorder();
        var options = new TlsConnectionOptions
        {
            Credentials = credentials,
            Profile = credentials.Fit(request.Profile),
            ServerName = DemoPki.ServerName,
            AcceptLargeRecords = request.RecordBytes != 0,
            Audit = true,
            Observer = recorder,
        };
        using NetworkStream transport = TcpTransport.Connect("127.0.0.1", broker.Port, options.Timeout);
        using var connection = new TlsConnection(options, transport);
        MqttReport? mqtt = null;
        long gcAllocatedBytes = 0;
        FaultReport? fault = null;
        try
        {
            connection.Handshake();
            gcAllocatedBytes = connection.GcAllocatedBytes;
            mqtt = Exchange(new DemoClient(connection, options.Profile), options.Profile, broker, request.RecordBytes);
            connection.Close();
        }
        catch (ThimbleException e)
        {
            fault = ReportMaker.Fault(e);
        }

        MemoryMap map = connection.MemoryMap;
        TlsReport tls = ReportMaker.Tls($"127.0.0.1:{broker.Port}", options, connection);
        var report = new RunReport(
            fault is null && mqtt?.Received == Message, tls, mqtt, ReportMaker.Memory(request.ProfileName, map, gcAllocatedBytes), fault);
        return (report, HandshakeTimeline.Of(recorder?.Steps ?? [], map));
    }

    /// <summary>
    /// Messages in a record larger than the window need a session that can go back. A window that is one of the four sizes of RFC
    /// 6066 §4 is made one byte smaller: the broker's TLS would keep to it, as those do not whose records are large.
    /// </summary>
    private static Profile ForRecord(in Profile profile, int recordBytes) => recordBytes == 0 ? profile : profile with
    {
        InWindowBytes = profile.InWindowBytes is 512 or 1024 or 2048 or 4096 ? profile.InWindowBytes - 1 : profile.InWindowBytes,
        MaxMqttAcknowledgements = RecordMessages,
        ProvisionalMqtt = true,
    };

    private static MqttReport Exchange(DemoClient client, in Profile profile, DemoBroker broker, int recordBytes)
    {
        byte[] topic = Encoding.UTF8.GetBytes(Topic);
        client.Connect("demo-device-1"u8);
        client.Subscribe(topic, recordBytes == 0 ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce);
        client.Publish(topic, Encoding.UTF8.GetBytes(Message));
        string received = Encoding.UTF8.GetString(client.Receive().Payload);
        LargeRecordReport? large = recordBytes == 0 ? null : ReceiveRecord(client, profile, broker, recordBytes);
        client.Disconnect();
        return new MqttReport(Topic, Message, received, large);
    }

    private static LargeRecordReport ReceiveRecord(DemoClient client, in Profile profile, DemoBroker broker, int recordBytes)
    {
        byte[][] payloads = PayloadsOf(recordBytes);
        broker.PublishTogetherAsync(Topic, payloads).GetAwaiter().GetResult();
        int messages = payloads.Count(payload => client.Receive().Payload.AsSpan().SequenceEqual(payload));
        client.Ping();
        return new LargeRecordReport(client.RecordBytes, profile.InWindowBytes, client.RecordPieces, messages, client.Acknowledged);
    }

    /// <summary>Short payloads and a long one, whose packets take so many bytes in all.</summary>
    private static byte[][] PayloadsOf(int recordBytes)
    {
        const int HeaderBytes = 1, TopicAndIdentifierBytes = 4;
        var payloads = new List<byte[]>();
        int left = recordBytes;
        for (int message = 1; message <= RecordMessages; message++)
        {
            int packet = message < RecordMessages ? recordBytes / (2 * RecordMessages) : left;
            int lengthBytes = packet <= HeaderBytes + 1 + 127 ? 1 : 2;
            byte[] payload = new byte[packet - HeaderBytes - lengthBytes - TopicAndIdentifierBytes - Topic.Length];
            Array.Fill(payload, (byte)message);
            payloads.Add(payload);
            left -= packet;
        }

        return [.. payloads];
    }

    private static void Show(Terminal terminal, Request request, RunReport report, MemoryMap map, DemoPki pki, IReadOnlyCollection<string> notes)
    {
        if (request.Json)
        {
            terminal.WriteJson(report, ReportJson.Readable.RunReport);
        }
        else if (report.Fault is not null)
        {
            Summary.Fault(terminal, report, map);
        }
        else
        {
            Narrate(terminal.Console, report, pki, notes);
            Summary.Memory(terminal.Console, report.Memory!, map);
            Conclude(terminal.Console, request, report);
        }
    }

    private static void ShowAgain(Terminal terminal, RunReport again, MemoryMap map)
    {
        if (again.Fault is not null)
        {
            Summary.Fault(terminal, again, map);
            return;
        }

        terminal.Console.WriteLine();
        terminal.Console.MarkupLineInterpolated($"[bold]Once more with {again.Tls!.Version} alone[/]: {again.Tls.Suite}, {again.Tls.Group}.");
        terminal.Console.MarkupLineInterpolated($"{again.Memory!.PlannedBytes:N0} bytes planned, {again.Memory.UsedBytes:N0} used at most, {again.Memory.ConnectionBytes:N0} kept while idle,");
        terminal.Console.MarkupLineInterpolated($"{again.Memory.GcAllocatedBytes:N0} from the garbage-collected heap. It received '{again.Mqtt!.Received}'.");
        Tables.Phases(terminal.Console, map);
    }

    /// <summary>A chain that makes use of what the profile allows.</summary>
    private static DemoKeys ServerKeys(in Profile profile) => profile.MaxRsaBits switch
    {
        0 => profile.MaxEcdsaBits > 256 ? DemoKeys.P384 : DemoKeys.P256,
        2048 => DemoKeys.Rsa2048,
        3072 => DemoKeys.Rsa3072,
        _ => DemoKeys.Rsa4096,
    };

    private static void Introduce(IAnsiConsole console, Request request)
    {
        console.MarkupLine("[bold]Thimble[/] is TLS and MQTT for devices with little memory. Everything that a connection needs lies in");
        console.MarkupLine("one buffer, and its size is known before the first byte is sent: no heap, no surprise.");
        console.MarkupLineInterpolated($"An engineer with 32 kB of RAM measured {OtherLibraryBytes:N0} bytes of heap for this handshake with another library.");
        console.MarkupLineInterpolated($"With the profile {request.ProfileName} Thimble plans [bold]{MemoryMap.Of(request.ClientKey.Apply(request.Profile)).PlannedBytes:N0} bytes[/]. Here is what they do:");
        console.WriteLine();
    }

    private static void Narrate(IAnsiConsole console, RunReport report, DemoPki pki, IReadOnlyCollection<string> notes)
    {
        TlsReport tls = report.Tls!;
        console.MarkupLineInterpolated($"1. A broker listens on {tls.Server}: the platform's own TLS, which demands a client certificate.");
        string certificates = tls.PeerChain.Count == 0 ? "its certificates, encrypted" : $"{tls.PeerChain.Count} certificates of {tls.PeerChain[0].Key}";
        console.MarkupLineInterpolated($"   It sends {certificates}, {pki.ServerChainBytes:N0} bytes in all, as AWS IoT does.");
        console.MarkupLineInterpolated($"2. Thimble connected: {tls.Version}, {tls.Suite}, {tls.Group}.");
        console.MarkupLineInterpolated($"   It verified the chain while it streamed by, and proved itself with an {tls.ClientKey} key.");
        console.MarkupLineInterpolated($"3. It subscribed to '{report.Mqtt!.Topic}',");
        console.MarkupLineInterpolated($"   published '{report.Mqtt.Sent}' and received '{report.Mqtt.Received}'.");
        console.WriteLine("   Then it closed the connection. The broker's notes:");
        foreach (string note in notes)
        {
            console.MarkupLineInterpolated($"     [grey]{note}[/]");
        }

        if (report.Mqtt.LargeRecord is { } large)
        {
            console.MarkupLineInterpolated($"4. Before that the broker put {large.Messages} messages of QoS 1 into one record: [bold]{large.Bytes:N0} bytes[/]");
            console.MarkupLineInterpolated($"   through a window of {large.WindowBytes:N0}. It came in {large.Pieces} pieces, and nobody vouched for them yet. Only when the");
            console.MarkupLineInterpolated($"   tag at the end of the record verified did they count, and {large.Acknowledged} acknowledgements went out.");
        }
    }

    private static void Conclude(IAnsiConsole console, Request request, RunReport report)
    {
        MemoryMap small = MemoryMap.Of(request.ClientKey.Apply(request.Profile), wordBits: 32);
        console.WriteLine("A region's bytes stand in the phases in which it is alive. Regions that never meet share the same");
        console.WriteLine("bytes, and what a region held is wiped when its life ends. The plan does not depend on how long the");
        console.MarkupLineInterpolated($"server's chain is. On a 32-bit device it takes [bold]{small.PlannedBytes:N0} bytes[/]; {OtherLibraryBytes:N0} is {(double)OtherLibraryBytes / small.PlannedBytes:0.0} times as much.");
        console.WriteLine("See also: thimble plan --bits 32");
    }
}
