using System;
using System.Globalization;
using System.Text;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Net.Tcp;
using Thimble.Net.Wire;

namespace Thimble.Net.Tap;

/// <summary>What the program does, one command after the other.</summary>
internal sealed class Commands(Host host, string[] words)
{
    private const int Seconds = 30;

    private int _at;

    public void Run()
    {
        while (_at < words.Length)
        {
            string line = Next() switch
            {
                "address" => UseAddress(Next(), int.Parse(Next(), CultureInfo.InvariantCulture), Next()),
                "server" => UseServer(Next(), Port()),
                "dhcp" => UseDhcp(),
                "resolve" => Resolve(Next()),
                "time" => AskTime(Next(), Port()),
                "echo" => Echo(Next(), Port(), int.Parse(Next(), CultureInfo.InvariantCulture)),
                "serve" => Serve(),
                string other => throw new ArgumentException("No such command: " + other),
            };
            Console.WriteLine(line);
        }
    }

    /// <summary>address A PREFIX GATEWAY: a fixed address; gateway 0.0.0.0 for none.</summary>
    private string UseAddress(string address, int prefixLength, string gateway)
    {
        host.Network.UseAddress(Parse(address), prefixLength, Parse(gateway));
        return "address " + address;
    }

    /// <summary>server A PORT: the name server.</summary>
    private string UseServer(string address, ushort port)
    {
        host.Network.UseNameServer(Parse(address), port);
        return "server " + address;
    }

    /// <summary>dhcp: an address by DHCP.</summary>
    private string UseDhcp()
    {
        host.Network.UseDhcp(Host.Now);
        host.TurnUntil(() => host.Network.IsConfigured, Seconds);
        Network network = host.Network;
        return $"dhcp {Dotted(network.Address)} via {Dotted(network.Gateway)} names {Dotted(network.NameServer)}";
    }

    /// <summary>resolve NAME.</summary>
    private string Resolve(string name)
    {
        host.Network.Resolve(Host.Now, Encoding.ASCII.GetBytes(name));
        host.TurnUntil(() => host.Network.ResolveStatus != QueryStatus.InProgress, Seconds);
        return host.Network.ResolveStatus == QueryStatus.Done ? $"resolve {Dotted(host.Network.Resolved)}" : $"resolve {Failure()}";
    }

    /// <summary>time SERVER PORT: seconds since 1970.</summary>
    private string AskTime(string server, ushort port)
    {
        host.Network.AskTime(Host.Now, Parse(server), port);
        host.TurnUntil(() => host.Network.TimeStatus != QueryStatus.InProgress, Seconds);
        return host.Network.TimeStatus == QueryStatus.Done ? $"time {host.Network.UnixSeconds(Host.Now)}" : $"time {Failure()}";
    }

    /// <summary>echo ADDRESS PORT BYTES: sends so many bytes by TCP, expects each of them back, and closes.</summary>
    private string Echo(string address, ushort port, int bytes)
    {
        if (!host.Network.Connect(Host.Now, Parse(address), port))
        {
            return "echo no route";
        }

        int sent = 0;
        int received = 0;
        host.TurnUntil(() => IsOver() || Exchange(ref sent, ref received, bytes), Seconds);
        host.Network.Tcp.Close();
        host.TurnUntil(() => IsOver() || host.Network.Tcp.State == TcpState.TimeWait, Seconds);
        return received == bytes ? $"echo {received}" : $"echo {received} {host.Network.Tcp.Fault.Reason}";
    }

    /// <summary>serve: answers the others until standard input ends.</summary>
    private string Serve()
    {
        Console.WriteLine("serving");
        Task<string> input = Task.Run(Console.In.ReadToEnd);   // the reader of the console blocks its caller
        while (!input.IsCompleted)
        {
            host.Turn();
        }

        return "served";
    }

    private bool IsOver() => host.Network.Tcp.State == TcpState.Closed || host.Network.Tcp.Fault.Reason != FaultReason.None;

    private bool Exchange(ref int sent, ref int received, int bytes)
    {
        TcpConnection tcp = host.Network.Tcp;
        Span<byte> space = tcp.SendSpace;
        int count = Math.Min(space.Length, bytes - sent);
        for (int i = 0; i < count; i++)
        {
            space[i] = Pattern(sent++);
        }

        tcp.Commit(count);
        ReadOnlySpan<byte> arrived = tcp.Received;
        foreach (byte value in arrived)
        {
            if (value != Pattern(received++))
            {
                throw new InvalidOperationException($"Byte {received - 1} came back wrong.");
            }
        }

        tcp.Consume(arrived.Length);
        return received == bytes;
    }

    private static byte Pattern(int at) => (byte)((at * 7) ^ (at >> 8));

    private string Failure() => host.Network.Fault.Reason.ToString();

    private string Next() => words[_at++];

    private ushort Port() => ushort.Parse(Next(), CultureInfo.InvariantCulture);

    private static Ipv4Address Parse(string text) =>
        Ipv4Address.TryParse(Encoding.ASCII.GetBytes(text), out Ipv4Address address) ? address : throw new ArgumentException("No address: " + text);

    private static string Dotted(Ipv4Address address) =>
        $"{address.Value >> 24}.{(address.Value >> 16) & 255}.{(address.Value >> 8) & 255}.{address.Value & 255}";
}
