using System.Buffers.Text;

namespace NeuroDb.Query;

/// <summary>UUID: 36 characters with hyphens.</summary>
internal struct UuidField : IFieldReader<Guid>
{
    /// <inheritdoc/>
    public readonly bool TryRead(ReadOnlySpan<byte> text, DataType type, out Guid value) =>
        Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length;
}
