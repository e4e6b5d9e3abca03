using System.Buffers;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Objects of the catalog in records and manifests.</summary>
public sealed class ObjectCodecTests
{
    [Fact]
    public void An_object_of_a_kind_that_a_later_version_made_names_the_way_out()
    {
        var writer = new ArrayBufferWriter<byte>();
        ObjectCodec.Encode(writer, new CatalogObject((CatalogObjectKind)200, "later", "text"));
        var reader = new RecordReader("x");
        reader.Start(writer.WrittenMemory, "a record");
        NeuroStoreException error =
            Assert.Throws<NeuroStoreException>(() => ObjectCodec.Decode(reader));
        Assert.Equal(ErrorCode.NewerFormat, error.Code);
        Assert.Contains("kind 200, later", error.Message, StringComparison.Ordinal);
        Assert.Contains("Open it with the version", error.Message, StringComparison.Ordinal);
    }
}
