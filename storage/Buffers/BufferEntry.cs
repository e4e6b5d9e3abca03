namespace NeuroDb.Storage;

/// <summary>An entry on the clock of the <see cref="BufferManager"/>.</summary>
/// <param name="Owner">Who has it.</param>
/// <param name="Slot">In which slot.</param>
/// <param name="SizeBytes">The bytes that it takes.</param>
internal readonly record struct BufferEntry(BufferSlots Owner, int Slot, long SizeBytes);
