using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Features.Theory;

/// <summary>
/// The questions and what is measured of them, said once for the tab and for the page that explains it. Every probe is MaeLab's own way to
/// make a question measurable, inspired by the papers.
/// </summary>
public static class TheoryCatalogue
{
    private const string OneTracedPass = "one traced pass over a few images";
    private const string DecoderDepth = "decoder.depth";

    private static readonly ProbeBound s_imageSide = new("the image's side, beyond which no decay can be seen", recipe => recipe.ImageSize);

    private static readonly TheorySource s_seed = new("Cao, Xu, Clifton 2022, How to Understand Masked Autoencoders", "https://arxiv.org/abs/2202.03670");
    private static readonly TheorySource s_mae = new("He et al. 2021, Masked Autoencoders Are Scalable Vision Learners", "https://arxiv.org/abs/2111.06377");
    private static readonly TheorySource s_uniform = new("Zhang, Wang, Wang 2022, How Mask Matters (U-MAE)", "https://arxiv.org/abs/2210.08344");
    private static readonly TheorySource s_linear = new("Bisulco, Ramesh, Balestriero, Chaudhari 2025", "https://arxiv.org/abs/2508.15404");
    private static readonly TheorySource s_cka = new("Kornblith et al. 2019, Similarity of Neural Network Representations", "https://arxiv.org/abs/1905.00414");
    private static readonly TheorySource s_barron = new("E, Ma, Wu 2019, The Barron Space", "https://arxiv.org/abs/1906.08039");

    public static IReadOnlyList<TheoryQuestion> Questions { get; } =
    [
        new(
            TheoryTopic.Kernel,
            "An integral kernel",
            "How is the representation space formed, optimised and propagated through the layers?",
            "Attention is read as a learnable integral kernel over the image, sampled at its patches; what the layers can represent grows in the Barron space as the kernel is learnt.",
            "Singular values of the attention between patches, layer by layer; how the error of the quadrature falls with the number of visible patches.",
            [s_seed, s_barron],
            [
                Cheap(SeriesNames.KernelRank, "Effective rank of the attention between patches, as a share of their number L. Mean over images, heads and layers.",
                    "exp(−Σᵢ pᵢ ln pᵢ) / L with pᵢ = sᵢ / Σ s, the singular values s of A (L × L)", "Leaves 1 / L, the uniform kernel, as training goes on; falls with depth.", OneTracedPass),
                Cheap(SeriesNames.KernelAsymmetry, "How far the attention between patches is from a symmetric kernel.",
                    "‖A − Aᵀ‖ / ‖A + Aᵀ‖", "Above 0: a learnt kernel is not symmetric.", OneTracedPass),
                Cheap(SeriesNames.KernelDivergence, "How far attention is from looking everywhere alike, in nats.",
                    "KL(a ‖ uniform) = Σⱼ aⱼ ln(T aⱼ) over the T tokens of a row a", "Rises from 0.", OneTracedPass),
                Cheap(SeriesNames.EncoderBarron, "An upper bound of the Barron norm of the encoder's MLPs, mean over its blocks.",
                    "Σₖ ‖fc2[:, k]‖₂ (‖fc1[k, :]‖₁ + |bₖ|) over the hidden units k", "Rises and settles.", "weights only"),
                Cheap(SeriesNames.DecoderBarron, "The same bound for the decoder's MLPs.",
                    "Σₖ ‖fc2[:, k]‖₂ (‖fc1[k, :]‖₁ + |bₖ|) over the hidden units k", "Rises and settles.", "weights only"),
                Full(SeriesNames.QuadratureSlope, "Whether masking acts as sampling the nodes of an integral: how fast the first attention's error falls with the number n of visible patches.",
                    "slope of ln err(n) over ln(1/n − 1/L), err(n) = E‖zₙ − z_L‖² / E‖z_L‖²", "Near 1, as Monte Carlo quadrature; errors are smaller after training at a higher mask ratio.", "8 draws of 4 numbers of patches"),
            ]),
        new(
            TheoryTopic.Patches,
            "Patches at random",
            "Why and how does cutting the image into patches contribute?",
            "Images are nearly of low rank, so that a random part of their patches keeps the information of the whole while it costs a fraction.",
            "What the visible patches leave out, over mask ratio, patch size and sampler; how much of the features is kept as more is masked.",
            [s_seed],
            [
                Full(SeriesNames.PatchLeakage, "Share of an image's patches that lies outside what its visible patches span. A property of the data, without any model.",
                    "‖M − M V Vᵀ‖² / ‖M‖², V the right singular vectors of the visible rows of M (L × values)",
                    "Near 0 until fewer are visible than M has rank; rises with mask ratio and patch size; block masks above random ones, random not below grid.", "a decomposition an image, ratio, patch size and sampler"),
                Full(SeriesNames.PatchRank, "Share of the possible directions that hold 99 % of an image's patches.", "rank₉₉(M) / min(L, values)", "Well below 1.", "a decomposition an image"),
                Full(SeriesNames.FeatureLeakage, "The leakage with the encoder's last features in place of pixels.",
                    "‖H − H V Vᵀ‖² / ‖H‖²", "Lower than that of noise.", OneTracedPass),
                Full(SeriesNames.InformationRetention, "How alike the features of masked and of whole images are, at the ratio of training.",
                    "CKA(f(x_S), f(x)) over 512 images", "Near 1 up to the ratio of training; the flatter, the higher that was.", "a pass over 512 images for every ratio: the slowest"),
            ]),
        new(
            TheoryTopic.Layers,
            "Stable layers",
            "Why do the representations of lower and higher layers differ so little?",
            "Scaled dot-product attention propagates representations stably, and the skip connection is re-read as the solution of a Fredholm equation with Tikhonov regularisation.",
            "How alike any two layers are; what a small disturbance grows to; how the skip conditions the attention.",
            [s_seed, s_cka],
            [
                Cheap(SeriesNames.AdjacentCka, "How alike a layer's features are to the next one's, mean over the encoder.",
                    "CKA(X, Y) = ‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖), centred token features", "High and slowly varying.", OneTracedPass),
                Cheap(SeriesNames.EndsCka, "How alike the embedding and the last layer are.",
                    "CKA(H⁰, Hᵈ)", "Below that of neighbouring layers, above that of a supervised control.", OneTracedPass),
                Cheap(SeriesNames.PropagationGain, "What a disturbance of 1 % of the image grows to, in the layer where it is largest.",
                    "maxₗ (‖Hˡ(x + ε) − Hˡ(x)‖ / ‖Hˡ(x)‖) / (‖ε‖ / ‖x‖)", "Of order 1 in all layers, not exponential in depth.", "two passes over a few images"),
                Full(SeriesNames.SkipConditioning, "Orders of magnitude that the skip connection takes off the condition number of attention.",
                    "log₁₀ cond(A) − log₁₀ cond(I + A)", "Several orders of magnitude.", OneTracedPass),
            ]),
        new(
            TheoryTopic.Decoder,
            "The decoder",
            "Is the decoder unimportant, since it is thrown away?",
            "It is not: through the decoder's wider patches the encoder's space is enriched by functions from the Barron space, so that the encoder learns a better basis.",
            "Effective rank layer by layer in the decoder; its loss beside that of a linear head.",
            [s_seed, s_mae],
            [
                Full(SeriesNames.DecoderLift, "Effective rank of the patch tokens after the decoder's last block, over that before its first.",
                    "erank(Hᵈ) / erank(H⁰)", "Above 1.", OneTracedPass),
                Full(SeriesNames.DecoderLossRatio, "Loss of the decoder, over that of a linear head that sees the same tokens without attention between them.",
                    "loss(decoder) / loss(ridge regression)", "Below 1, falling with the mask ratio.", "a pass and a regression"),
                Cheap(SeriesNames.LinearAccuracy, "The encoder's quality against the depth of the decoder that it was trained with: an ablation over decoder.depth.",
                    "accuracy of a linear classifier on frozen features", "Rises with depth and settles.", "part of every evaluation") with { Over = DecoderDepth },
                Cheap(SeriesNames.KnnAccuracy, "The same quality without training anything more.",
                    "accuracy of the nearest neighbours' votes among frozen features", "As the linear probe's.", "part of every evaluation") with { Over = DecoderDepth },
            ]),
        new(
            TheoryTopic.Interpolation,
            "Global interpolation",
            "Is each masked patch made merely from its neighbours?",
            "It is not: the latent representations of masked patches are interpolated globally, over a topology between patches that attention has learnt.",
            "Where removed patches attend to; whose painting over changes their prediction; the loss when only what lies near is given.",
            [s_seed, s_linear],
            [
                Cheap(SeriesNames.AttentionReach, "Distance from removed patches to the visible ones they attend to in the decoder, over that of uniform attention.",
                    "Σⱼ Aᵢⱼ ‖cᵢ − cⱼ‖ / Σⱼ Aᵢⱼ over visible j, relative to A uniform", "Below 1, but well above a neighbour's distance; grows with the mask ratio.", OneTracedPass),
                Cheap(SeriesNames.NonlocalMass, "Share of that attention that goes beyond the eight neighbours.",
                    "1 − Σ_{j ∈ N8(i)} Aᵢⱼ / Σⱼ Aᵢⱼ over visible j", "Well above 0.", OneTracedPass),
                Full(SeriesNames.NeighbourLossRatio, "Loss when only the visible neighbours of a removed patch are given, over the loss with all that is visible.",
                    "loss(r = 1) / loss(r = ∞)", "Above 1: the loss keeps falling past radius 1.", "a pass for every radius"),
                Full(SeriesNames.GlobalGain, "What the model gains over interpolating visible patches by inverse distance.",
                    "1 − loss(model) / loss(inverse distance)", "Above 0.", "one pass over 64 images"),
                Full(SeriesNames.InfluenceLength, "Length by which the effect of painting a visible patch over decays, in pixels.",
                    "ξ of I(d) ~ exp(−d / ξ), Iᵢⱼ = ‖predᵢ(x) − predᵢ(x without patch j)‖²", "Grows with mask ratio and patch size.", "24 passes an image") with { Bound = s_imageSide },
            ]),
        new(
            TheoryTopic.Beside,
            "Collapse and correlations",
            "Do the features collapse, and which correlations do mask ratio and patch size select?",
            "U-MAE: masking aligns views of an image implicitly, at the risk of a dimensional collapse. Linear theory: a higher mask ratio or a larger patch selects correlations of longer range.",
            "Influence against distance in the best linear masked autoencoder of the same images, for every mask ratio and patch size.",
            [s_uniform, s_linear],
            [
                Cheap(SeriesNames.EffectiveDimension, "Effective dimension of the features of 128 images.",
                    "1 / mean over i, j of (zᵢ · zⱼ)², z of length 1", "Low for plain MAE, higher with the weight of uniformity.", "one pass over 128 images"),
                Full(SeriesNames.AlignmentGap, "How much closer two masked views of one image are than views of different images.",
                    "E cos(f(x_S), f(x_S′)) − E cos(f(x_S), f(y_S′))", "Above 0.", "two passes over 512 images"),
                Full(SeriesNames.LinearInfluenceLength, "The influence length of the best linear masked autoencoder. A property of the data, without any model.",
                    "ξ for W = ((1 − m) S + m blkdiag S)⁻¹ S, S the images' second moment", "Grows with mask ratio and patch size.", "a linear system for every ratio and patch size") with { Bound = s_imageSide },
            ]),
    ];

    /// <summary>Of all questions.</summary>
    public static IReadOnlyList<TheoryProbe> Probes { get; } = [.. Questions.SelectMany(question => question.Probes)];

    public static TheoryQuestion Of(TheoryTopic topic) => Questions.Single(question => question.Topic == topic);

    /// <param name="series">Of a theory probe.</param>
    public static TheoryProbe Probe(string series) => Probes.Single(probe => probe.Series == series);

    private static TheoryProbe Cheap(string series, string what, string formula, string expected, string cost) => Full(series, what, formula, expected, cost) with { IsCheap = true };

    private static TheoryProbe Full(string series, string what, string formula, string expected, string cost) => new(series, what, formula, expected, cost);
}
