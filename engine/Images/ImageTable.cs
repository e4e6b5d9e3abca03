using NeuroDb.Neural;

namespace NeuroDb;

/// <summary>
/// A table of images with a label each, found by its columns. Every name goes into SQL in quotes
/// through here.
/// </summary>
/// <param name="Name">The name of the table.</param>
/// <param name="Label">The column of labels.</param>
/// <param name="Image">The column of images.</param>
/// <param name="Type">The type of that column.</param>
internal sealed record ImageTable(string Name, string Label, string Image, DataType Type)
{
    /// <summary>The name of the column of labels of a new table.</summary>
    public const string NewLabel = "label";

    /// <summary>The name of the column of images of a new table.</summary>
    public const string NewImage = "pic";

    /// <summary>A name as SQL has it, whatever characters it holds.</summary>
    public static string Quote(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A text as SQL has it.</summary>
    public static string Literal(string text) =>
        $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>
    /// The columns of a table: its only IMAGE, and the label, which is called that or is the only
    /// other column.
    /// </summary>
    public static ImageTable Of(TableSchema schema)
    {
        ColumnSchema[] visible = [.. schema.Columns.Where(static column => !column.IsUnseen)];
        ColumnSchema[] images = [.. visible.Where(static column => column.Type.IsImage)];
        ColumnSchema[] others = [.. visible.Where(static column => !column.Type.IsImage)];
        ColumnSchema? label = others.FirstOrDefault(static column =>
                column.Name.Equals(NewLabel, StringComparison.OrdinalIgnoreCase))
            ?? (others.Length == 1 ? others[0] : null);
        return images.Length == 1 && label is not null
            ? new ImageTable(schema.Name, label.Name, images[0].Name, images[0].Type)
            : throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"{schema.Name} is no table of images: it needs one column of the type IMAGE and "
                + "one called label, as CreateImageTable makes them.");
    }

    /// <summary>The images of a reader of label and image, resized to one size.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="size">The height and width, or 0 for that of the column or first image.</param>
    public ImageArrays Read(ResultReader rows, int size)
    {
        var pixels = new List<float[]>();
        var names = new List<string>();
        TensorShape shape = ShapeOf(Type, size);
        while (rows.Read())
        {
            DecodedImage image = ImageDecoder.Decode(rows.GetBlob(1).Span);
            shape = shape.Height > 0 ? shape : new TensorShape(
                size > 0 ? size : image.Height,
                size > 0 ? size : image.Width,
                image.Channels >= 3 ? 3 : 1);
            var numbers = new float[shape.Length];
            ImageResize.ToFloats(image, shape, numbers);
            pixels.Add(numbers);
            names.Add(rows.GetString(0));
        }

        var labels = new LabelSet(names);
        var all = new float[(long)pixels.Count * shape.Length];
        for (int i = 0; i < pixels.Count; i++)
        {
            pixels[i].CopyTo(all, i * shape.Length);
        }

        return new ImageArrays(
            all,
            [.. names.Select(labels.NumberOf)],
            labels.Labels,
            shape.Height,
            shape.Width,
            shape.Channels);
    }

    /// <summary>The size that models read; all zeros if only the images tell.</summary>
    private static TensorShape ShapeOf(DataType type, int size) => type.ImageHeight == 0
        ? default
        : new TensorShape(
            size > 0 ? size : type.ImageHeight,
            size > 0 ? size : type.ImageWidth,
            type.ImageChannels);
}
