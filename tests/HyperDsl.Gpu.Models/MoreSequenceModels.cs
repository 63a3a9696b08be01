using CharModel;

namespace HyperDsl.Models;

/// <summary>The HyperLSTM with layer norm, as in the paper's language models, in small.</summary>
[HyperModel]
public sealed partial class HyperLstmCharacters() : CharacterModel(new HyperLstm(Symbols, 20, 9, 4, layerNorm: true), 20);

/// <summary>A plain recurrent network that generates its weights.</summary>
[HyperModel]
public sealed partial class HyperRnnCharacters() : CharacterModel(new HyperRnn(Symbols, 10, 5, 3), 10);

/// <summary>The sample's default model, in small.</summary>
[HyperModel]
public sealed partial class SmallCharNet() : CharNet(CellKind.LnHyperLstm, new(20, 9, 4));

/// <summary>Two layers of the sample's HyperGRU, with its dropout.</summary>
[HyperModel]
public sealed partial class StackedCharNet() : CharNet(CellKind.HyperGru, new(10, 5, 3, Layers: 2, Dropout: 0.2));
