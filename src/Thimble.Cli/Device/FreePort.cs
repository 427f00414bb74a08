using System.Net;
using System.Net.Sockets;

namespace Thimble.Cli.Device;

/// <summary>Ports for programs that cannot choose one themselves.</summary>
internal static class FreePort
{
    /// <summary>A TCP port of the loopback that is free now.</summary>
    public static int Tcp()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
