using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Tests.Facade;

/// <summary>One place in memory.</summary>
internal sealed class MemoryParkingPlace : IParkedConnectionStore
{
    private ulong _generation;
    private ParkedConnection? _parked;

    public ParkedConnection? Parked => _parked;

    public ValueTask<ulong> NextGenerationAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Interlocked.Increment(ref _generation));

    public ValueTask PutAsync(ParkedConnection parked, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _parked, parked);
        return ValueTask.CompletedTask;
    }

    public ValueTask<ParkedConnection?> TakeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Interlocked.Exchange(ref _parked, null));
}

/// <summary>
/// A file for the connection, and beside it two numbers that outlive it: the last generation given out, and the last taken. An old
/// copy of the connection's file is not given out again.
/// </summary>
internal sealed class FileParkingPlace(string folder) : IParkedConnectionStore
{
    public string ConnectionFile => Path.Combine(folder, "connection");

    public ValueTask<ulong> NextGenerationAsync(CancellationToken cancellationToken)
    {
        ulong next = Read("given") + 1;
        Write("given", next);
        return ValueTask.FromResult(next);
    }

    public async ValueTask PutAsync(ParkedConnection parked, CancellationToken cancellationToken)
    {
        byte[] generation = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(generation, parked.Generation);
        await using FileStream file = File.Create(ConnectionFile);
        await file.WriteAsync(generation, cancellationToken);
        await file.WriteAsync(parked.Bytes, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    public async ValueTask<ParkedConnection?> TakeAsync(CancellationToken cancellationToken)
    {
        string taken = Path.Combine(folder, Guid.NewGuid().ToString());
        try
        {
            File.Move(ConnectionFile, taken); // one of several wins
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        byte[] bytes = await File.ReadAllBytesAsync(taken, cancellationToken);
        ulong generation = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        bool isOld = generation <= Read("taken");
        Write("taken", generation);
        File.Delete(taken);
        return isOld ? null : new ParkedConnection(generation, bytes.AsMemory(8));
    }

    private ulong Read(string number)
    {
        string path = Path.Combine(folder, number);
        return File.Exists(path) ? BinaryPrimitives.ReadUInt64LittleEndian(File.ReadAllBytes(path)) : 0;
    }

    private void Write(string number, ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Math.Max(value, Read(number)));
        using FileStream file = File.Create(Path.Combine(folder, number));
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
