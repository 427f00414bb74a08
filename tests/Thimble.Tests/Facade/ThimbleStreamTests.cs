using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Authentication;
using System.Threading.Tasks;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary><see cref="ThimbleStream"/> behaves as a stream of .NET does.</summary>
public sealed class ThimbleStreamTests
{
    public static TheoryData<SslProtocols> Versions => [SslProtocols.Tls12, SslProtocols.Tls13];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_is_written_comes_back(SslProtocols version)
    {
        await using var server = new PlatformEcho(version);
        await using ThimbleStream stream = await ThimbleStream.ConnectAsync("127.0.0.1", server.Port, server.Options);
        byte[] message = [.. Enumerable.Range(0, 100_000).Select(static i => (byte)(i * 7))];
        Task writing = stream.WriteAsync(message).AsTask();
        byte[] back = new byte[message.Length];
        await stream.ReadExactlyAsync(back);
        await writing;
        Assert.Equal(message, back);
        Assert.Equal(version, stream.SslProtocol);
        Assert.Equal(0, stream.Connection.GcAllocatedBytes);
    }
}
