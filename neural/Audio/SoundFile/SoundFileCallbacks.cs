using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// SF_VIRTUAL_IO of libsndfile over a <see cref="MemorySource"/>. No callback may throw; a
/// position outside the bytes is refused.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SoundFileCallbacks
{
    private delegate* unmanaged[Cdecl]<MemorySource*, long> _length;
    private delegate* unmanaged[Cdecl]<long, int, MemorySource*, long> _seek;
    private delegate* unmanaged[Cdecl]<byte*, long, MemorySource*, long> _read;
    private delegate* unmanaged[Cdecl]<byte*, long, MemorySource*, long> _write;
    private delegate* unmanaged[Cdecl]<MemorySource*, long> _tell;

    /// <summary>The callbacks.</summary>
    public static SoundFileCallbacks Create() => new()
    {
        _length = &Length,
        _seek = &Seek,
        _read = &Read,
        _write = &Write,
        _tell = &Tell,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Length(MemorySource* source) => source->Length;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Seek(long offset, int origin, MemorySource* source)
    {
        long from = origin switch
        {
            0 => 0,
            1 => source->Position,
            _ => source->Length,
        };
        bool isInside = offset >= -from && offset <= source->Length - from;
        source->Position = isInside ? from + offset : source->Position;
        return isInside ? source->Position : -1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Read(byte* target, long count, MemorySource* source)
    {
        count = Math.Clamp(count, 0, source->Length - source->Position);
        Buffer.MemoryCopy(source->Start + source->Position, target, count, count);
        source->Position += count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Write(byte* from, long count, MemorySource* source) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Tell(MemorySource* source) => source->Position;
}
