using System;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Thimble;
using Thimble.Samples;

// Opens connections to an echoing TLS server, seals each into some 430 bytes while it has nothing to do, and goes on with it later, as if nothing
// had been. What is sealed may go into a database: without the key nobody can read or change it.
//
//   gnutls-serv --echo --port 4433 --x509certfile server.pem --x509keyfile server.key
//   dotnet run --project samples/HibernatingConnections -- localhost 4433 ca.pem 100
if (args is not [string host, string portText, string authorities, string countText]
    || !int.TryParse(portText, CultureInfo.InvariantCulture, out int port) || !int.TryParse(countText, CultureInfo.InvariantCulture, out int count) || count < 1)
{
    Console.Error.WriteLine("usage: HibernatingConnections HOST PORT CA.pem COUNT");
    return 2;
}

byte[] key = RandomNumberGenerator.GetBytes(32);
try
{
    using Credentials credentials = Credentials.Load(authorities);
    var options = new TlsConnectionOptions { Credentials = credentials, Profile = Profiles.General.Profile, ServerName = host };
    var sleepers = new (NetworkStream Transport, OneConnection Place)[count];
    long sealedBytes = 0;
    for (int i = 0; i < count; i++)
    {
        NetworkStream transport = await TcpTransport.ConnectAsync(host, port);
        using var connection = new TlsConnection(options, transport);
        await connection.HandshakeAsync();
        await SayAsync(connection, $"I am number {i}\n");
        var place = new OneConnection();
        await connection.ParkAsync(place, key);
        sleepers[i] = (transport, place);
        sealedBytes += place.Bytes;
    }

    Console.WriteLine($"{count} connections sleep, in {sealedBytes / count} bytes each.");
    for (int i = 0; i < count; i++)
    {
        (NetworkStream transport, OneConnection place) = sleepers[i];
        using TlsConnection connection = (await TlsConnection.ResumeAsync(options, transport, place, key))!;
        await SayAsync(connection, $"number {i} again\n");
        await connection.CloseAsync();
        await transport.DisposeAsync();
    }

    Console.WriteLine("All of them woke, spoke, and closed.");
    return 0;
}
catch (ThimbleException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
finally
{
    CryptographicOperations.ZeroMemory(key);
}

// Sends a line, and reads as many bytes as come back.
static async Task SayAsync(TlsConnection connection, string line)
{
    byte[] sent = Encoding.UTF8.GetBytes(line), answer = new byte[sent.Length];
    await connection.WriteAsync(sent);
    for (int read = 0, more; read < answer.Length; read += more)
    {
        more = await connection.ReadAsync(answer.AsMemory(read));
        if (more == 0)
        {
            throw new InvalidOperationException("The server closed the connection and had not answered.");
        }
    }
}
