using System.Globalization;
using NeuroDb.Neural;
using NeuroDb.Query;

namespace NeuroDb;

/// <content>
/// Tables of images in a few verbs, for what SQL does too: make, fill, read, train, drop. A name of
/// a table is a value here: whatever it holds, it is the name of one table and nothing else.
/// </content>
public sealed partial class NeuroStore
{
    /// <summary>
    /// Makes a table of images: <c>label TEXT</c> and <c>pic IMAGE(height, width, channels)</c>.
    /// </summary>
    /// <param name="table">The name of the table.</param>
    /// <param name="height">Rows of pixels that models read; images of other sizes may be stored.
    /// </param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    /// <exception cref="NeuroStoreException">The name is taken.</exception>
    public void CreateImageTable(string table, int height, int width, int channels = 1)
    {
        DataType type = DataType.ImageOf(height, width, channels);
        Execute(
            $"CREATE TABLE {ImageTable.Quote(table)} ({ImageTable.NewLabel} TEXT NOT NULL, "
            + $"{ImageTable.NewImage} {type} NOT NULL)");
    }

    /// <summary>
    /// Loads a folder that has a folder of images for each label. Files that cannot be read as
    /// images are left out and listed, with the reason.
    /// </summary>
    /// <param name="table">A table of images.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="progress">Is told how many files were read.</param>
    /// <param name="cancellationToken">Stops the load; nothing of it is stored then.</param>
    /// <returns>The images loaded and rejected, and the file that lists the latter.</returns>
    public CopyResult ImportFolder(
        string table,
        string folder,
        IProgress<CopyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using Session session = OpenSession();
        ImageTable images = FindImages(session, table);
        QuerySession query = session.Inner();
        query.CopyProgress = progress;
        try
        {
            using var cursor = new RowCursor(session.RunScript(
                $"COPY {ImageTable.Quote(images.Name)} ({ImageTable.Quote(images.Label)}, "
                + $"{ImageTable.Quote(images.Image)}) FROM ? WITH (FORMAT image_folder, "
                + "ON_ERROR quarantine)",
                [folder],
                out _,
                cancellationToken));
            return Session.CopyResultOf(cursor);
        }
        finally
        {
            query.CopyProgress = null;
        }
    }

    /// <summary>The rows of a table.</summary>
    /// <param name="table">The name of the table.</param>
    public ResultReader Rows(string table) => Query($"SELECT * FROM {ImageTable.Quote(table)}");

    /// <summary>
    /// The images of a table as numbers from 0 to 1 and their labels as whole numbers from 0.
    /// </summary>
    /// <param name="table">A table of images.</param>
    /// <param name="size">The height and width to bring images to; 0 for those of the column.
    /// </param>
    public ImageArrays ReadArrays(string table, int size = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        using Session session = OpenSession();
        ImageTable images = FindImages(session, table);
        using ResultReader rows = session.Query(
            $"SELECT CAST({ImageTable.Quote(images.Label)} AS TEXT), "
            + $"{ImageTable.Quote(images.Image)} FROM {ImageTable.Quote(images.Name)}");
        return images.Read(rows, size);
    }

    /// <summary>
    /// Trains a network that tells the label of an image: CREATE MODEL with the usual options.
    /// </summary>
    /// <param name="table">A table of images.</param>
    /// <param name="network">
    /// linear, mlp, simple_cnn, lenet5, vgg_mini, resnet_mini or xception_mini, perhaps with
    /// arguments: <c>xception_mini(width=0.5)</c>.
    /// </param>
    /// <param name="optimizer">adam, adamw, sgd, momentum, rmsprop or adagrad.</param>
    /// <param name="validation">The share of the images that judge instead of training.</param>
    /// <param name="epochs">Passes over the images.</param>
    /// <param name="batchSize">Images of a step.</param>
    /// <param name="save">Whether the model stays; if not, only the summary does.</param>
    /// <param name="size">The height and width of the input; 0 for those of the column.</param>
    /// <param name="model">The name of the model; by default that of the table and the network.
    /// A model that has it is replaced.</param>
    /// <param name="cancellationToken">Stops the training; nothing of it is stored then.</param>
    public TrainingSummary Train(
        string table,
        string network = "simple_cnn",
        string optimizer = "adam",
        double validation = 0.1,
        int epochs = 10,
        int batchSize = 64,
        bool save = true,
        int size = 0,
        string? model = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        Recipe recipe = Recipe.Parse(network);
        using Session session = OpenSession();
        ImageTable images = FindImages(session, table);
        string name = model ?? $"{images.Name}_{recipe.Name}";
        string sql = string.Create(
            CultureInfo.InvariantCulture,
            $"CREATE OR REPLACE MODEL {ImageTable.Quote(name)} TYPE classifier "
            + $"PREDICT {ImageTable.Quote(images.Label)} USING {network} "
            + $"SPLIT (train {1 - (decimal)validation}, validation {(decimal)validation}) "
            + $"STRATIFY BY {ImageTable.Quote(images.Label)} "
            + $"WITH (optimizer = {ImageTable.Literal(optimizer)}, epochs = {epochs}, "
            + $"batch_size = {batchSize}) AS SELECT {ImageTable.Quote(images.Label)}, "
            + $"{InputOf(images, size)} FROM {ImageTable.Quote(images.Name)}");
        session.Execute("BEGIN");
        TrainingSummary summary;
        using (var cursor = new RowCursor(session.RunScript(sql, [], out _, cancellationToken)))
        {
            summary = SummaryOf(cursor);
        }

        session.Execute(save ? "COMMIT" : "ROLLBACK");
        return save ? summary : summary with { Version = 0 };
    }

    /// <summary>Removes a table; its space comes back with the next checkpoint.</summary>
    /// <param name="table">The name of the table.</param>
    public void DropTable(string table) => Execute($"DROP TABLE {ImageTable.Quote(table)}");

    private static ImageTable FindImages(Session session, string table) =>
        ImageTable.Of(session.FindTable(table));

    private static string InputOf(ImageTable images, int size)
    {
        string column = ImageTable.Quote(images.Image);
        if (size == 0)
        {
            return column;
        }

        int channels = Math.Max(1, images.Type.ImageChannels);
        return $"CAST({column} AS {DataType.ImageOf(size, size, channels)}) AS {column}";
    }

    private static TrainingSummary SummaryOf(RowCursor cursor)
    {
        Invariant.Check(cursor.Read());
        double Number(string name) =>
            cursor.FindColumn(name) is var ordinal && cursor.IsNull(ordinal)
                ? double.NaN : cursor.GetDouble(ordinal);
        string Text(string name) =>
            cursor.FindColumn(name) is var ordinal && cursor.IsNull(ordinal)
                ? "" : cursor.GetString(ordinal);
        return new TrainingSummary(
            Text("model"),
            (int)cursor.GetInt64(cursor.FindColumn("version")),
            Text("metric"),
            Number("value"),
            Number("low"),
            Number("high"),
            Number("baseline"),
            Text("verdict"),
            cursor.GetInt64(cursor.FindColumn("rows_train")),
            cursor.GetInt64(cursor.FindColumn("rows_rejected")),
            Number("seconds"));
    }
}
