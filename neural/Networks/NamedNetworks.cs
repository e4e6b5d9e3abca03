using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// The networks that have a name, for any size of the input. Each is a list of layers, so what a
/// name stands for can be read and changed.
/// </summary>
internal static class NamedNetworks
{
    private const int SmallestUnpadded = 10;

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "linear", "logistic", "mlp", "simple_cnn", "lenet5", "vgg_mini", "resnet_mini",
        "xception_mini", "text_cnn", "text_transformer",
    ];

    /// <summary>The list of layers of a named network.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="sizes">The hidden layers of mlp; empty for 64, 64.</param>
    /// <param name="width">What numbers of filters are multiplied by.</param>
    /// <param name="input">The shape of an example.</param>
    /// <param name="outputs">How many numbers come out.</param>
    /// <param name="dropout">
    /// The rate of all layers that drop numbers, of one behind each hidden layer of mlp and of one
    /// before the last layer of what has none; null for what the name says.
    /// </param>
    public static string Describe(
        string name,
        IReadOnlyList<int> sizes,
        double width,
        TensorShape input,
        int outputs,
        double? dropout = null)
    {
        bool isImage = input.Height > 1 && input.Width > 1;
        if (!isImage && name is "simple_cnn" or "lenet5" or "vgg_mini" or "resnet_mini"
            or "xception_mini")
        {
            throw NeuralErrors.InvalidModel(
                $"{name} takes images, but an example is {input} numbers; use mlp, or a column of "
                + "type IMAGE.");
        }

        if (isImage && name is "text_cnn" or "text_transformer")
        {
            throw NeuralErrors.InvalidModel(
                $"{name} reads sequences, but an example is an image of {input}; use simple_cnn.");
        }

        string N(int filters) => Math.Max(1, (int)Math.Round(filters * width))
            .ToString(CultureInfo.InvariantCulture);
        string pad = Math.Min(input.Height, input.Width) < SmallestUnpadded ? ", same" : "";
        string body = name switch
        {
            "linear" or "logistic" => "",
            "mlp" => Hidden(sizes.Count == 0 ? [64, 64] : sizes),
            "simple_cnn" => $"conv({N(32)}, 3{pad}, relu), conv({N(64)}, 3{pad}, relu), "
                + $"maxpool(2), dropout(0.25), flatten, dense({N(128)}, relu), dropout(0.5), ",
            "lenet5" => $"conv({N(6)}, 5, same), tanh, avgpool(2, same), "
                + $"conv({N(16)}, 5{pad}), tanh, avgpool(2, same), flatten, "
                + $"dense({N(120)}), tanh, dense({N(84)}), tanh, ",
            "vgg_mini" => Vgg(input, N),
            "resnet_mini" => $"conv({N(16)}, 3, same), batch_norm, relu, "
                + ResidualBlock(N(16), "") + ResidualBlock(N(32), ", stride=2")
                + ResidualBlock(N(64), ", stride=2") + "global_avgpool, flatten, ",
            "xception_mini" => $"conv({N(32)}, 3, same), batch_norm, relu, "
                + SeparableBlock(N(64)) + SeparableBlock(N(128))
                + $"separable({N(128)}, 3, same), batch_norm, relu, global_avgpool, flatten, ",
            "text_cnn" => $"conv({N(64)}, 3, same, relu), conv({N(64)}, 3, same, relu), "
                + "global_avgpool, flatten, dropout(0.5), ",
            "text_transformer" =>
                "position, transformer(4), transformer(4), layer_norm, global_avgpool, flatten, ",
            _ => throw NeuralErrors.UnknownName("network", name, Names),
        };
        body = dropout is double rate ? WithDropout(body, name == "mlp", rate) : body;
        bool isFlat = input.IsFlat || body.Contains("flatten", StringComparison.Ordinal);
        return (isFlat ? "" : "flatten, ") + body
            + string.Create(CultureInfo.InvariantCulture, $"dense({outputs})");
    }

    private static string WithDropout(string body, bool isMlp, double rate)
    {
        string layer = string.Create(CultureInfo.InvariantCulture, $"dropout({rate}), ");
        return isMlp ? body.Replace("relu), ", "relu), " + layer, StringComparison.Ordinal)
            : !body.Contains("dropout(", StringComparison.Ordinal) ? body + layer
            : body.Replace("dropout(0.25), ", layer, StringComparison.Ordinal)
                .Replace("dropout(0.5), ", layer, StringComparison.Ordinal);
    }

    private static string Hidden(IReadOnlyList<int> sizes) => string.Concat(
        sizes.Select(size => string.Create(
            CultureInfo.InvariantCulture, $"dense({size}, relu), ")));

    private static string Vgg(TensorShape input, Func<int, string> n)
    {
        string text = "";
        int side = Math.Min(input.Height, input.Width);
        foreach (int filters in (int[])[32, 64, 128])
        {
            text += $"conv({n(filters)}, 3, same, relu), conv({n(filters)}, 3, same, relu), ";
            text += side >= 2 ? "maxpool(2), " : "";
            side /= 2;
        }

        return text + $"flatten, dense({n(256)}, relu), dropout(0.5), ";
    }

    private static string ResidualBlock(string filters, string stride) =>
        $"residual(conv({filters}, 3, same{stride}), batch_norm, relu, "
        + $"conv({filters}, 3, same), batch_norm), relu, ";

    private static string SeparableBlock(string filters) =>
        $"residual(separable({filters}, 3, same), batch_norm, relu, "
        + $"separable({filters}, 3, same), batch_norm, maxpool(3, stride=2, same)), relu, ";
}
