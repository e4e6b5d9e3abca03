namespace NeuroDb.Storage;

/// <summary>Reads the entries that <see cref="BufferSlots{T}"/> keep.</summary>
internal interface IBufferSource<T>
    where T : class
{
    /// <summary>Reads an entry; called once for all threads that wait for it.</summary>
    /// <param name="slot">Which one.</param>
    /// <param name="sizeBytes">The bytes that it takes in memory.</param>
    T Load(int slot, out long sizeBytes);
}
