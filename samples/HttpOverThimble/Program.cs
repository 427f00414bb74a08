using System;
using System.Net.Http;
using Thimble;

// Gets a page with HttpClient, over TLS by Thimble instead of SslStream.
//
//   dotnet run --project samples/HttpOverThimble -- https://www.example.org/
if (args is not [string address] || !Uri.TryCreate(address, UriKind.Absolute, out Uri? page) || page.Scheme != Uri.UriSchemeHttps)
{
    Console.Error.WriteLine("usage: HttpOverThimble https://HOST[:PORT]/PATH");
    return 2;
}

// The trust of the operating system is read once, and shared by all connections.
using Credentials credentials = Credentials.From(Trust.OfOperatingSystem());
using var sessions = new SessionCache();
using var handler = new SocketsHttpHandler
{
    ConnectCallback = async (context, cancellation) => await ThimbleStream.ConnectAsync(
        context.DnsEndPoint.Host,
        context.DnsEndPoint.Port,
        new TlsConnectionOptions
        {
            Credentials = credentials,
            Profile = credentials.Fit(Profiles.Rsa4096P384.Profile with { InWindowBytes = 16_384, MaxAlpnBytes = 16, MaxTicketBytes = 2048 }),
            ServerName = context.DnsEndPoint.Host,
            Alpn = "http/1.1",
            Sessions = sessions,
        },
        cancellationToken: cancellation),
};
using var http = new HttpClient(handler);
try
{
    // To the handler the connection is a plain one: TLS is beneath it, and not the handler's own.
    string text = await http.GetStringAsync(new UriBuilder(page) { Scheme = Uri.UriSchemeHttp, Port = page.Port }.Uri);
    Console.WriteLine(text);
    return 0;
}
catch (HttpRequestException e)
{
    Console.Error.WriteLine(e.InnerException?.Message ?? e.Message);
    return 1;
}
